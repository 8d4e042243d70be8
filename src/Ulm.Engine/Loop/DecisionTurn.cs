namespace Ulm.Engine.Loop;

/// <summary>Taken from the facts that a decision is made on until its steps are known to all others: two that decide at once would not know of one another.</summary>
internal sealed class DecisionTurn
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<T> TakeAsync<T>(Func<Task<T>> decide, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await decide();
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task TakeAsync(Func<Task> decide, CancellationToken ct) => TakeAsync(
        async () =>
        {
            await decide();
            return true;
        },
        ct);
}
