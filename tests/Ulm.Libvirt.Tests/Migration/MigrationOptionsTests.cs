using Ulm.Libvirt.Migration;

namespace Ulm.Libvirt.Tests.Migration;

public sealed class MigrationOptionsTests
{
    public static TheoryData<MigrationOptions, uint> Flags => new()
    {
        // The numbers of libvirt-domain.h: LIVE 1, PEER2PEER 2, PERSIST_DEST 8, UNDEFINE_SOURCE 16, AUTO_CONVERGE 8192, POSTCOPY 32768.
        { new MigrationOptions(), 1 | 2 | 8 | 16 },
        { new MigrationOptions { PersistDestination = false, UndefineSource = false }, 1 | 2 },
        { new MigrationOptions { AutoConverge = true }, 1 | 2 | 8 | 16 | 8192 },
        { new MigrationOptions { PostCopy = true }, 1 | 2 | 8 | 16 | 32768 },
    };

    [Theory]
    [MemberData(nameof(Flags))]
    public void Flags_FollowTheOptions(MigrationOptions options, uint expected) =>
        Assert.Equal(expected, (uint)MigrationCalls.FlagsOf(options));

    public static TheoryData<MigrationOptions> Wrong => new()
    {
        new MigrationOptions { BandwidthMiBps = -1 },
        new MigrationOptions { Timeout = TimeSpan.Zero },
        new MigrationOptions { StallTimeout = TimeSpan.FromSeconds(-1) },
        new MigrationOptions { MaxDowntime = TimeSpan.Zero },
        new MigrationOptions { PostCopyAfter = TimeSpan.FromSeconds(1) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Migrate_WithImpossibleOptions_IsTheCallersMistake(MigrationOptions options)
    {
        await using var connection = new LibvirtConnection(new LibvirtConnectionOptions { Uri = "test:///default" }, TimeProvider.System);

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => connection.MigrateAsync(Guid.Empty, "test:///default", options, null, TestContext.Current.CancellationToken));
    }
}
