using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Rules.Network;

/// <summary>
/// Working memory for one kind of subject: a row a subject, a column for each fact that some rule reads. Rows of retracted subjects are
/// used again. What follows from name and tags alone the table answers itself.
/// </summary>
internal sealed class FactTable
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<Fact, Column> _columns = [];
    private readonly List<string?> _names = [];
    private readonly List<ImmutableHashSet<string>> _tags = [];
    private readonly Stack<int> _free = new();

    public int RowCount => _names.Count;

    public IEnumerable<Column> Columns => _columns.Values;

    /// <summary>To be called before any row is added.</summary>
    public Column ColumnOf(Fact fact)
    {
        if (!_columns.TryGetValue(fact, out var column)) _columns.Add(fact, column = new Column(fact));
        return column;
    }

    public Column? FindColumn(Fact fact) => _columns.GetValueOrDefault(fact);

    /// <summary>Null for a row whose subject was retracted.</summary>
    public string? NameOf(int row) => _names[row];

    public int? FindRow(string name) => _rows.TryGetValue(name, out var row) ? row : null;

    public int Add(string name, ImmutableHashSet<string> tags)
    {
        if (!_free.TryPop(out var row))
        {
            row = _names.Count;
            _names.Add(null);
            _tags.Add(tags);
            foreach (var column in _columns.Values) column.Values.Add(Freshness.NotMeasured);
        }

        _names[row] = name;
        _tags[row] = tags;
        _rows.Add(name, row);
        foreach (var column in _columns.Values) column.Values[row] = Own(column.Fact, name, tags) ?? Freshness.NotMeasured;
        return row;
    }

    /// <returns>False: they are what they were.</returns>
    public bool Retag(int row, ImmutableHashSet<string> tags)
    {
        if (ReferenceEquals(tags, _tags[row]) || tags.SetEquals(_tags[row])) return false;
        _tags[row] = tags;
        foreach (var column in _columns.Values)
        {
            if (Own(column.Fact, _names[row]!, tags) is { } answer) column.Values[row] = answer;
        }

        return true;
    }

    public void Remove(string name)
    {
        if (!_rows.Remove(name, out var row)) return;
        _names[row] = null;
        _free.Push(row);
    }

    /// <summary>Facts that need not be updated from outside.</summary>
    public static bool IsOwn(Fact fact) => fact is Fact.Answer { Test: SubjectTest.Named or SubjectTest.Tagged or SubjectTest.InCluster };

    private static Reading? Own(Fact fact, string name, ImmutableHashSet<string> tags) => fact is Fact.Answer answer
        ? answer.Test switch
        {
            SubjectTest.Named named => Always(SubjectAnswers.Fits(name, named.Pattern)),
            SubjectTest.Tagged tagged => Always(tags.Contains(tagged.Tag)),
            SubjectTest.InCluster cluster => Always(name == cluster.Cluster),
            _ => null,
        }
        : null;

    /// <summary>No sample: however late it is asked, it is no older.</summary>
    private static Reading Always(bool answer) => Reading.Yes(answer, DateTimeOffset.MaxValue);
}
