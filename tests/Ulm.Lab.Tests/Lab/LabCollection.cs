using Xunit.Sdk;
using Xunit.v3;

// There is one lab on a machine, and its tests measure time and load: nothing else runs beside them.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Ulm.Lab.Tests.Lab;

/// <summary>All tests on the lab: they share one <see cref="LabSite"/> and run one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LabCollection : ICollectionFixture<LabSite>
{
    public const string Name = "lab";
}

/// <summary>
/// A class of tests on the lab. Each test starts with <see cref="Hosts"/> hosts or more that are on, connected and answering, and no guest.
/// </summary>
[Collection(LabCollection.Name)]
public abstract class LabTest(LabSite lab) : IAsyncLifetime
{
    protected LabSite Lab { get; } = lab;

    protected virtual int Hosts => 3;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => await Lab.UpAsync(Hosts);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
