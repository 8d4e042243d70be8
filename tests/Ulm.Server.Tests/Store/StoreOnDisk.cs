using Ulm.Engine.Journal;

namespace Ulm.Server.Tests.Store;

/// <summary>A store of its own for each test, gone with it.</summary>
public abstract class StoreOnDisk : IDisposable
{
    internal static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private protected TempFolder Folder { get; } = new();

    protected string FileName => Folder.File("sub/ulm.db");

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static JournalEntry Step(JournalKind kind, string step) => new(Noon, kind, step) { Step = step };
}
