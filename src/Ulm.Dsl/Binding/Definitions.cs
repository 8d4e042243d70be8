using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>All definitions of a site, by name: conditions, groups of hosts and calendars share one set of names.</summary>
internal sealed class Definitions
{
    private readonly Dictionary<string, Definition> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly Dictionary<(SourceFile File, int Start), Definition> _references = [];
    private readonly List<Definition> _open = [];
    private readonly CompilerOptions _options;
    private readonly DiagnosticBag _bag;

    public Definitions(IEnumerable<ParsedFile> files, CompilerOptions options, DiagnosticBag bag)
    {
        _options = options;
        _bag = bag;
        foreach (var file in files)
        {
            foreach (var (sentence, syntax) in file.All<DefinitionSyntax>())
                Add(new Definition(sentence, syntax));
            // A definition that could not be read still has a name, and what uses that name has no fault.
            _broken.UnionWith(file.Broken.Where(b => b.Length > 1 && BeginsDefinition(b[0])).Select(b => b[1].Value));
        }
    }

    public IEnumerable<Definition> All => _byName.Values;

    /// <summary>For each part of a condition that was bound, what became of it. Keys are compared by identity.</summary>
    public Dictionary<ConditionSyntax, Condition> Parts { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many parts of conditions are being bound, one within another, through all definitions that led here.</summary>
    public int Nesting { get; set; }

    /// <summary>Names whose definition could not be read, and that no other sentence defines.</summary>
    public IEnumerable<string> Broken => _broken.Where(name => !_byName.ContainsKey(name));

    public bool IsBroken(string name) => _broken.Contains(name);

    public Definition? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What somebody most likely meant by a name that nothing defines. It is used then, and not to be called unused as well.</summary>
    /// <param name="others">Words that could be meant beside the names.</param>
    public string? Nearest(string name, IEnumerable<string> others, params DefinitionKind[] kinds)
    {
        var nearest = NearestWord.Find(name, _byName.Values.Where(d => kinds.Contains(d.Kind)).Select(d => d.Name).Concat(others));
        if (nearest is not null && Find(nearest) is { } definition)
            definition.Used = true;
        return nearest;
    }

    /// <summary>The definition that a word was bound to; null where it was bound to none.</summary>
    public Definition? ReferenceAt(Place place) => _references.GetValueOrDefault((place.File, place.Span.Start));

    /// <summary>Where a definition is named, in no order.</summary>
    public IEnumerable<Place> UsesOf(Definition definition) =>
        _references.Where(r => r.Value == definition).Select(r => r.Key.File.At(new TextSpan(r.Key.Start, definition.Name.Length)));

    /// <summary>Notes that a name is used at a place.</summary>
    public void Refer(Definition definition, Place place)
    {
        definition.Used = true;
        _references[(place.File, place.Span.Start)] = definition;
    }

    public void BindAll()
    {
        foreach (var definition in _byName.Values)
        {
            if (definition.Kind == DefinitionKind.Calendar)
                BindCalendar(definition);
            else
                Bind(definition, definition.NamePlace);
        }
    }

    /// <summary>The condition of a <c>let</c> or <c>hosts</c> sentence.</summary>
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
        // Written out, they are all parts of the condition that led here: that is too large already, and is not followed until the stack ends.
        if (_open.Count >= CompilerLimits.DefinitionDepth || Nesting > CompilerLimits.ConditionParts)
        {
            _bag.Add(NameDiagnostics.DefinitionTooLarge(reader));
            return BoundCondition.Faulty;
        }
        _open.Add(definition);
        bound = definition.Syntax switch
        {
            LetSyntax let => new ConditionBinder(definition.Sentence, this, _bag).Bind(let.Condition),
            HostGroupSyntax group => BindGroup(definition, group),
            _ => throw new InvalidOperationException($"{definition.Kind} {definition.Name} is no condition."),
        };
        _open.RemoveAt(_open.Count - 1);
        definition.Bound = bound;
        return bound;
    }

    public BoundCalendar BindCalendar(Definition definition) =>
        definition.Calendar ??= new CalendarBinder(definition.Sentence, _options, _bag).Bind(definition.Syntax);

    /// <summary>The hosts of a <c>hosts NAME = ...</c> sentence; null where the name stands for none, or for one with a fault.</summary>
    public Selector.Where? HostGroup(NameSyntax name, ParsedSentence sentence)
    {
        if (Find(name.Value) is not { Kind: DefinitionKind.HostGroup } group)
            return null;
        var place = sentence.At(name.Span);
        Refer(group, place);
        return Bind(group, place).Condition is { } condition ? new Selector.Where(condition, group.Name) : null;
    }

    private BoundCondition BindGroup(Definition definition, HostGroupSyntax group)
    {
        // `named "edge-*"` in it is asked of a host, also where the group is used in a condition about VMs.
        var bound = new ConditionBinder(definition.Sentence, this, _bag, SubjectKind.Host).Bind(group.Condition);
        if (bound.Condition is not { } condition || ConditionReads.Finest(condition) != SubjectKind.Vm)
            return bound;
        _bag.Add(RuleDiagnostics.GroupReadsVm(definition.Sentence.At(group.Condition.Span)));
        return BoundCondition.Faulty;
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

    private static bool BeginsDefinition(SyntaxToken token) => token.Is(Vocabulary.Let) || token.Is(Vocabulary.Hosts) || token.Is(Vocabulary.Calendar);
}
