using Ulm.Engine.Actions;

namespace Ulm.Engine.Tests.Actions;

public class ExecutorOptionsTests
{
    [Theory]
    [InlineData(null, null, null, null, 2, 8)]
    [InlineData(null, null, 1, 100, 1, 100)]
    [InlineData(4, 20, null, null, 4, 20)]
    [InlineData(4, 20, 1, 100, 1, 20)]
    [InlineData(1, 4, 2, 100, 1, 4)]
    public void Policies_say_how_many_migrations_run_at_a_time_up_to_what_the_configuration_allows(int? perHost, int? inTotal, int? saidPerHost, int? saidInTotal, int most, int mostInTotal) =>
        Assert.Equal(new MigrationLimits(most, 3, mostInTotal), new ExecutorOptions { MigrationsPerHost = perHost, MigrationsInTotal = inTotal, MigrationsPerCluster = 3 }.Migrations((saidPerHost, saidInTotal)));
}
