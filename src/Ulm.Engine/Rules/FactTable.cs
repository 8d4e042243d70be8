using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Rules;

/// <summary>
/// Working memory for one kind of subject: a row a subject, a column for each attribute that some rule reads.
/// Rows of retracted subjects are used again.
/// </summary>
internal sealed class FactTable
{
    private static readonly Reading NotInserted = Reading.Unknown("not measured yet");

    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicyAttribute, Column> _columns = [];
    private readonly List<string?> _names = [];
    private readonly Stack<int> _free = new();

    public int RowCount => _names.Count;

    public IEnumerable<Column> Columns => _columns.Values;

    public Column ColumnOf(PolicyAttribute attribute)
    {
        if (!_columns.TryGetValue(attribute, out var column)) _columns.Add(attribute, column = new Column(attribute));
        return column;
    }

    public Column? FindColumn(PolicyAttribute attribute) => _columns.GetValueOrDefault(attribute);

    /// <summary>Null for a row whose subject was retracted.</summary>
    public string? NameOf(int row) => _names[row];

    public int? FindRow(string name) => _rows.TryGetValue(name, out var row) ? row : null;

    public int Add(string name)
    {
        if (!_free.TryPop(out var row))
        {
            row = _names.Count;
            _names.Add(null);
            foreach (var column in _columns.Values) column.Values.Add(NotInserted);
        }

        _names[row] = name;
        _rows.Add(name, row);
        foreach (var column in _columns.Values) column.Values[row] = NotInserted;
        return row;
    }

    public void Remove(string name)
    {
        if (!_rows.Remove(name, out var row)) return;
        _names[row] = null;
        _free.Push(row);
    }

    internal sealed class Column(PolicyAttribute attribute)
    {
        private readonly List<double> _cuts = [];

        public PolicyAttribute Attribute => attribute;

        public List<Reading> Values { get; } = [];

        /// <summary>Indexes of the rules that read this attribute.</summary>
        public List<int> Readers { get; } = [];

        /// <summary>Those of <see cref="Readers"/> for which every new value counts: they compare it with something that is no constant.</summary>
        public List<int> ReadersOfEveryValue { get; } = [];

        /// <summary>A value that some rule compares this attribute with.</summary>
        public void AddCut(double value)
        {
            var at = _cuts.BinarySearch(value);
            if (at < 0) _cuts.Insert(~at, value);
        }

        /// <summary>True if no comparison with a constant comes out differently for the two: nothing lies between them, and neither is a cut.</summary>
        public bool SameSide(double a, double b)
        {
            var side = _cuts.BinarySearch(a);
            return side < 0 && side == _cuts.BinarySearch(b);
        }
    }
}
