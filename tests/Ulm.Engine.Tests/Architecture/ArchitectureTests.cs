using Mono.Cecil;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Architecture;

public class ArchitectureTests
{
    private static readonly ModuleDefinition Engine = ModuleDefinition.ReadModule(typeof(ControlLoop).Assembly.Location);
    private static readonly ModuleDefinition Tests = ModuleDefinition.ReadModule(typeof(ArchitectureTests).Assembly.Location);

    [Fact]
    public void A_folder_uses_only_folders_to_its_left()
    {
        var order = new FolderOrder("Ulm.Engine", FolderOrder.Engine);

        Assert.Empty(order.Strangers(Engine));
        Assert.Empty(order.Violations(Engine));
    }

    [Fact]
    public void No_engine_type_uses_the_parser()
    {
        Assert.DoesNotContain(Engine.AssemblyReferences, a => a.Name.StartsWith("Irony", StringComparison.Ordinal));
        Assert.DoesNotContain(TypeUses.In(Engine), u => u.Used.Namespace.StartsWith("Irony", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ByBase")]
    [InlineData("ByInterface")]
    [InlineData("ByField")]
    [InlineData("BySignature")]
    [InlineData("ByGenericArgument")]
    [InlineData("ByConstraint")]
    [InlineData("ByBody")]
    [InlineData("ByMethodArgument")]
    [InlineData("ByLambda")]
    [InlineData("ByAsync")]
    [InlineData("ByNested")]
    [InlineData("ByCatch")]
    [InlineData("ByAttribute")]
    public void The_scan_sees_a_wrong_use(string type)
    {
        var wrong = new FolderOrder("Ulm.Engine.Tests.Architecture.Wrong", "Left", "Right").Violations(Tests);

        Assert.Contains(wrong, v => v.StartsWith($"Ulm.Engine.Tests.Architecture.Wrong.Left.{type} uses ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_scan_accuses_nobody_of_what_is_right()
    {
        var wrong = new FolderOrder("Ulm.Engine.Tests.Architecture.Wrong", "Left", "Right").Violations(Tests);

        Assert.DoesNotContain(wrong, v => v.Contains("Left.Innocent uses") || v.Contains("Right.Thing uses"));
    }

    [Fact]
    public void The_engine_read_from_right_to_left_is_full_of_wrong_uses() =>
        Assert.True(new FolderOrder("Ulm.Engine", [.. FolderOrder.Engine.Reverse()]).Violations(Engine).Count > 100);
}
