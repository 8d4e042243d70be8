using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>
/// One call to the hypervisor that moves a VM: aborted when it takes too long or the server stops, unless the VM is in post-copy. Aborted
/// then, it would be lost: neither host has all of it.
/// </summary>
/// <param name="describe">Told how far it is, on the engine's thread.</param>
internal sealed class MigrationCall(IHypervisor hypervisor, TimeProvider time, MigrationManner manner, Action<string> describe)
{
    /// <summary>Why a migration failed of which nothing but that is to be said.</summary>
    public const string Stopped = "aborted: the server is shutting down";

    private readonly SynchronizationContext? _engine = SynchronizationContext.Current;
    private volatile MigrationProgress? _last;

    /// <summary>It was finished by post-copy, or broke in it.</summary>
    public bool WasPostCopy => _last is { PostCopy: true };

    /// <returns>Why it failed, as the call tells it; null: it says that it succeeded. Neither is to be believed.</returns>
    public async Task<MigrationFailure?> RunAsync(Vm vm, Host from, Host to, CancellationToken ct)
    {
        using var abort = new CancellationTokenSource();
        using var late = new CancellationTokenSource(manner.TimeLimit, time);
        await using var onLate = late.Token.Register(() => Abort(abort));
        await using var onStop = ct.Register(() => Abort(abort));
        try
        {
            await hypervisor.MigrateAsync(vm, from, to, manner, new Progress(this, to.Name), abort.Token);
            return null;
        }
        catch (ActionFailedException e)
        {
            return new MigrationFailure(e.Message, e as TargetFailedException);
        }
        catch (OperationCanceledException)
        {
            return new MigrationFailure(ct.IsCancellationRequested ? Stopped : $"aborted after {Show.Duration(manner.TimeLimit)}{Figures(_last)}", null);
        }
    }

    private void Describe(string doing) => describe(doing);

    private void Abort(CancellationTokenSource abort)
    {
        if (!WasPostCopy) abort.Cancel();
    }

    private static string Figures(MigrationProgress? last) => last is null ? "" : $" with {last.Percent:0}% copied and {Show.Bytes(last.RemainingBytes)} left";

    /// <summary>That a VM is in post-copy is known at once; what is told of it, on the engine's thread. <see cref="Progress{T}"/> would post both.</summary>
    private sealed class Progress(MigrationCall call, string to) : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value)
        {
            call._last = value;
            if (call._engine is null) Describe(value);
            else call._engine.Post(_ => Describe(value), null);
        }

        private void Describe(MigrationProgress value) => call.Describe($"migrating to {to}, {value.Percent:0}% copied{(value.PostCopy ? ", in post-copy" : "")}");
    }
}

/// <summary>Why a call says that a VM did not move.</summary>
/// <param name="OfTarget">Null: the reason is not known to be the target's.</param>
internal sealed record MigrationFailure(string Text, TargetFailedException? OfTarget)
{
    public bool ReachedTarget => OfTarget is not { Reached: false };

    public override string ToString() => Text;
}
