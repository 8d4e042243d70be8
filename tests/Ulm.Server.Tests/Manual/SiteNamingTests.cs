using Ulm.Engine.Inventory;
using Ulm.Server.Api.Manual;
using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Manual;

public class SiteNamingTests
{
    /// <summary>Of whoever is quicker than the first look, the name is right.</summary>
    [Fact]
    public void Before_the_first_look_a_name_is_not_called_wrong() => Assert.Equal(
        "there is no host `h1`: the server has seen none yet; right after its start it has still to look",
        Assert.Throws<CommandFailedException>(() => SiteNaming.Host(Site.Empty, "h1")).Message);
}
