using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>A <c>let</c> sentence. Its condition is bound when it is first asked for.</summary>
internal sealed class Definition(SourceFile file, LetSyntax syntax)
{
    public SourceFile File => file;

    public LetSyntax Syntax => syntax;

    public string Name => syntax.Name.Value;

    public Place NamePlace => file.At(syntax.Name.Span);

    /// <summary>Null until bound.</summary>
    public BoundCondition? Bound { get; set; }

    public bool Used { get; set; }
}

/// <summary>All <c>let</c> sentences of a site, by name.</summary>
internal sealed class Definitions
{
    private readonly Dictionary<string, Definition> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly List<Definition> _open = [];
    private readonly DiagnosticBag _bag;

    public Definitions(IEnumerable<ParsedFile> files, DiagnosticBag bag)
    {
        _bag = bag;
        foreach (var file in files)
        {
            foreach (var let in file.Sentences.OfType<LetSyntax>())
                Add(new Definition(file.File, let));
            // A definition that could not be read still has a name, and what uses that name has no fault.
            _broken.UnionWith(file.Broken.Where(b => b.Length > 1 && b[0].Is(Vocabulary.Let)).Select(b => b[1].Value));
        }
    }

    public IEnumerable<Definition> All => _byName.Values;

    /// <summary>For each part of a condition that was bound, what became of it. Keys are compared by identity.</summary>
    public Dictionary<ConditionSyntax, Condition> Parts { get; } = new(ReferenceEqualityComparer.Instance);

    public bool IsBroken(string name) => _broken.Contains(name);

    public Definition? Find(string name) => _byName.GetValueOrDefault(name);

    public IEnumerable<string> Names => _byName.Keys;

    public void BindAll()
    {
        foreach (var definition in _byName.Values)
            Bind(definition, definition.NamePlace);
    }

    /// <param name="reader">Where the name is used; gets the fault if the definitions lead too deep.</param>
    public BoundCondition Bind(Definition definition, Place reader)
    {
        if (definition.Bound is { } bound)
            return bound;
        var loop = _open.IndexOf(definition);
        if (loop >= 0)
        {
            var path = _open[loop..].Select(d => d.Name).Append(definition.Name).ToList();
            _bag.Add(NameDiagnostics.CyclicDefinition(definition.NamePlace, path));
            return BoundCondition.Faulty;
        }
        if (_open.Count >= CompilerLimits.DefinitionDepth)
        {
            _bag.Add(NameDiagnostics.DefinitionTooLarge(reader));
            return BoundCondition.Faulty;
        }
        _open.Add(definition);
        bound = new ConditionBinder(definition.File, this, _bag).Bind(definition.Syntax.Condition);
        _open.RemoveAt(_open.Count - 1);
        definition.Bound = bound;
        return bound;
    }

    private void Add(Definition definition)
    {
        var name = definition.Name;
        if (Vocabulary.ReservedInConditions.Contains(name))
            _bag.Add(NameDiagnostics.ReservedName(definition.NamePlace, "a keyword of conditions and sentences"));
        else if (name.StartsWith("host.", StringComparison.Ordinal) || name.StartsWith("vm.", StringComparison.Ordinal) || name.StartsWith("cluster.", StringComparison.Ordinal))
            _bag.Add(NameDiagnostics.ReservedName(definition.NamePlace, "names that begin like this are for what is measured"));
        if (!_byName.TryAdd(name, definition))
            _bag.Add(NameDiagnostics.DuplicateDefinition(definition.NamePlace, name, _byName[name].NamePlace));
    }
}
