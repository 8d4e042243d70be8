using System.CommandLine;

namespace Ulm.Server.Commands.Manual;

/// <summary>Names of the running server's site, as arguments.</summary>
internal static class SiteArguments
{
    public static Argument<string> Host() => new("HOST") { Description = "A host, such as h3" };

    public static Argument<string> Vm() => new("VM") { Description = "A VM, such as web1" };

    public static Argument<string> Subject() => new("SUBJECT") { Description = "A host or a VM, such as host/h3 or vm/web1" };
}
