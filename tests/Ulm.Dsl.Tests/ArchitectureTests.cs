using System.Reflection;

namespace Ulm.Dsl.Tests;

public class ArchitectureTests
{
    private static readonly Type[] Types = typeof(PolicyCompiler).Assembly.GetTypes();

    [Fact]
    public void Types_of_the_parser_library_stay_in_one_folder()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var outside = Types.Where(t => t.Namespace != "Ulm.Dsl.Parsing" && t.Namespace?.StartsWith("Ulm.Dsl", StringComparison.Ordinal) == true)
            .Where(t => t.GetFields(All).Select(f => f.FieldType)
                .Concat(t.GetMethods(All).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)))
                .Any(IsIrony));
        Assert.Empty(outside);
        Assert.Contains(Types, t => IsIrony(t.BaseType));
    }

    [Fact]
    public void No_public_type_shows_the_parser_library() =>
        Assert.DoesNotContain(Types.Where(t => t.IsPublic), t => IsIrony(t.BaseType) || t.GetMembers().OfType<MethodInfo>().Any(m => IsIrony(m.ReturnType)));

    [Theory]
    [InlineData("Text")]
    [InlineData("Syntax")]
    [InlineData("Policies")]
    [InlineData("Diagnostics")]
    public void The_records_know_nothing_of_the_stages_that_make_them(string folder)
    {
        var files = Directory.GetFiles(Repository.Folder("src", "Ulm.Dsl", folder), "*.cs");
        Assert.NotEmpty(files);
        string[] stages = ["using Ulm.Dsl.Parsing;", "using Ulm.Dsl.Binding;", "using Ulm.Dsl.Lints;"];
        Assert.All(files, f => Assert.DoesNotContain(stages, s => File.ReadAllText(f).Contains(s, StringComparison.Ordinal)));
    }

    private static bool IsIrony(Type? type) =>
        type is not null && (type.Assembly.GetName().Name == "Irony" || type.GetGenericArguments().Any(IsIrony));
}
