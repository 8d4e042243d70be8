using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ulm.Engine.Tests.Architecture;

/// <summary>
/// Which type uses which, read from compiled code: bases, interfaces, attributes, fields, signatures, bodies, generic arguments and
/// constraints. Nested and compiler-generated types (lambdas, async and iterator machines) count for the type they stand in.
/// </summary>
internal static class TypeUses
{
    public sealed record Use(TypeReference User, TypeReference Used, string Where);

    public static IEnumerable<Use> In(ModuleDefinition module) =>
        from type in module.GetTypes()
        from used in UsedBy(type)
        from part in Parts(used.Type)
        select new Use(Outermost(type), Outermost(part), used.Where);

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<(TypeReference? Type, string Where)> UsedBy(TypeDefinition type)
    {
        yield return (type.BaseType, "base type");
        foreach (var implemented in type.Interfaces) yield return (implemented.InterfaceType, "interface");
        foreach (var used in Constraints(type.GenericParameters).Concat(Attributes(type))) yield return used;
        foreach (var field in type.Fields)
        {
            yield return (field.FieldType, $"field {field.Name}");
            foreach (var used in Attributes(field)) yield return used;
        }

        foreach (var property in type.Properties) foreach (var used in Attributes(property)) yield return used;
        foreach (var method in type.Methods)
        {
            foreach (var used in Signature(method).Concat(Constraints(method.GenericParameters)).Concat(Attributes(method))) yield return (used.Type, $"signature of {method.Name}");
            if (method.HasBody) foreach (var used in Body(method.Body)) yield return (used, $"body of {method.Name}");
        }
    }

    private static IEnumerable<(TypeReference? Type, string Where)> Attributes(ICustomAttributeProvider of) => of.CustomAttributes
        .SelectMany(a => a.ConstructorArguments.Concat(a.Properties.Select(p => p.Argument)).Select(x => x.Value).OfType<TypeReference>().Append(a.AttributeType))
        .Select(t => ((TypeReference?)t, "attribute"));

    private static IEnumerable<(TypeReference? Type, string Where)> Constraints(IEnumerable<GenericParameter> parameters) =>
        parameters.SelectMany(p => p.Constraints).Select(c => ((TypeReference?)c.ConstraintType, "constraint"));

    private static IEnumerable<(TypeReference? Type, string Where)> Signature(MethodReference method) =>
        method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType)
            .Concat(method is GenericInstanceMethod generic ? generic.GenericArguments : [])
            .Select(t => ((TypeReference?)t, "signature"));

    private static IEnumerable<TypeReference?> Body(MethodBody body)
    {
        foreach (var local in body.Variables) yield return local.VariableType;
        foreach (var handler in body.ExceptionHandlers) yield return handler.CatchType;
        foreach (var instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    yield return type;
                    break;
                case FieldReference field:
                    yield return field.DeclaringType;
                    yield return field.FieldType;
                    break;
                case MethodReference method:
                    yield return method.DeclaringType;
                    foreach (var (type, _) in Signature(method)) yield return type;
                    break;
            }
        }
    }

    /// <summary>The type itself and what its generic arguments, its element type and the like are made of.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Concat(Parts(generic.ElementType)),
        IModifierType modified => Parts(modified.ElementType).Concat(Parts(modified.ModifierType)),
        TypeSpecification made => Parts(made.ElementType),
        { DeclaringType: { } outer } => Parts(outer).Append(type),
        _ => [type],
    };
}
