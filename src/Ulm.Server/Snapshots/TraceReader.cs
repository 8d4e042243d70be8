using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;
using Ulm.Engine.Inventory;
using Ulm.Server.Commands;

namespace Ulm.Server.Snapshots;

/// <summary>Reads a trace, plain or gzipped, value by value: memory goes to the values alone.</summary>
public sealed class TraceReader
{
    /// <summary>Ten years of five-minute values fit; what is beyond is not a trace.</summary>
    public const int LongestRow = 1_100_000;

    /// <summary>1 GiB of memory. A small gzipped file can claim to hold any number.</summary>
    public const long MostValues = 128L << 20;

    private const long LargestPipe = 1L << 30;

    /// <summary>Head and tail without any content.</summary>
    private const int ShortestGzip = 18;

    private readonly FileFaults _faults;
    private readonly Site _site;
    private readonly Dictionary<string, double[]> _series = new(StringComparer.Ordinal);
    private readonly List<double> _row = [];
    private int _length;
    private PolicyAttribute _attribute = PolicyAttribute.VmCpu;

    private TraceReader(FileFaults faults, Site site) => (_faults, _site) = (faults, site);

    /// <param name="site">Whose hosts or VMs the rows are about.</param>
    /// <param name="faults">Gets everything that is wrong.</param>
    /// <returns>Null where anything is.</returns>
    public static Trace? Read(string path, Site site, FileFaults faults)
    {
        if (DataFile.Open(path, faults) is not { } file) return null;
        using (file)
        {
            try
            {
                return ReadStream(file, site, faults);
            }
            catch (InvalidDataException e)
            {
                faults.Add($"it is damaged: {e.Message}");
            }
            catch (IOException e)
            {
                faults.Add($"it can't be read: {e.Message}");
            }

            return null;
        }
    }

    private static Trace? ReadStream(Stream file, Site site, FileFaults faults)
    {
        if (!file.CanSeek)
        {
            if (DataFile.ReadAll(file, LargestPipe, faults) is not { } all) return null;
            file = new MemoryStream(all);
        }

        // By its first bytes, not by its name: a file that a mail program has unpacked keeps the .gz often enough.
        var gzipped = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        if (gzipped && file.Length < ShortestGzip)
        {
            faults.Add("it is gzipped, but was cut off");
            return null;
        }

        var length = gzipped ? GzippedLength(file) : 0;
        file.Position = 0;
        using var stream = gzipped ? new GZipStream(file, CompressionMode.Decompress) : file;
        var scanner = new FieldScanner(stream);
        var trace = new TraceReader(faults, site).ReadAll(scanner);
        if (!gzipped || !scanner.AtEnd || (uint)scanner.BytesRead == length) return trace;
        faults.Add("the gzipped text does not have the length it should: the file was cut off, or put together from several", "copy it again, or unpack it and look at its end");
        return null;
    }

    /// <summary>The last four bytes of the file say how long the text is, modulo 2^32. The framework takes a text that is cut off for a short one.</summary>
    private static uint GzippedLength(Stream file)
    {
        Span<byte> end = stackalloc byte[4];
        file.Seek(-4, SeekOrigin.End);
        file.ReadExactly(end);
        return BinaryPrimitives.ReadUInt32LittleEndian(end);
    }

    private Trace? ReadAll(FieldScanner scanner)
    {
        var end = scanner.Next(tabsEndFields: false, out var first);
        var line = end is null ? "" : Encoding.UTF8.GetString(first).TrimStart('\uFEFF');
        // Without its header it may be any kind of file: whatever could be said of its rows would be noise.
        if (!TraceHeader.Begins(line, _faults)) return null;
        var header = TraceHeader.Parse(line, _faults, out var attribute);
        if (attribute is null) return null;
        _attribute = attribute;
        var more = end == FieldEnd.Line;
        while (more && ReadRow(scanner, out more))
        {
        }

        if (_series.Count == 0 && !_faults.Any) _faults.Add("it has no rows", $"write one row a {Kind}: its name and its values, with tabs between them");
        return _faults.Any ? null : new Trace(attribute, header!.Start, header.Step, _length, _series);
    }

    /// <param name="more">True: another line may follow.</param>
    /// <returns>False: reading on makes no sense.</returns>
    private bool ReadRow(FieldScanner scanner, out bool more)
    {
        var end = scanner.Next(tabsEndFields: true, out var nameBytes);
        var line = scanner.Line;
        more = end == FieldEnd.Line;
        if (end is null) return Stop(line, $"a name of more than {FieldScanner.LongestField} letters");
        if (end != FieldEnd.Tab && nameBytes.IsEmpty) return more;
        var name = Encoding.UTF8.GetString(nameBytes);
        var wanted = CheckName(name, line);
        _row.Clear();
        var sound = true;
        while (end == FieldEnd.Tab)
        {
            end = scanner.Next(tabsEndFields: true, out var field);
            if (end is null || _row.Count >= LongestRow) return Stop(line, end is null ? "a value that does not end" : $"a row of more than {LongestRow} values");
            if (Value(field) is { } value) _row.Add(value);
            else
            {
                if (sound) FaultInValue(name, line, Encoding.UTF8.GetString(field));
                sound = false;
                _row.Add(double.NaN);
            }
        }

        more = end == FieldEnd.Line;
        Keep(name, line, wanted && sound);
        return (long)_series.Count * _length <= MostValues || Stop(line, $"more than {MostValues} values");
    }

    private void Keep(string name, int line, bool wanted)
    {
        if (_row.Count == 0) _faults.Add($"the row of {Shown(name)} has no values", "write a tab, not blanks, between name and values", line);
        else if (_length == 0) _length = _row.Count;
        if (_row.Count > 0 && _row.Count != _length)
            _faults.Add($"the row of {Shown(name)} has {Words.Count(_row.Count, "value")}, the first row has {_length}", "write `_` for a value that is missing", line);
        else if (wanted && _row.Count > 0) _series.Add(name, [.. _row]);
    }

    /// <returns>True where the row is to be kept.</returns>
    private bool CheckName(string name, int line)
    {
        if (_series.ContainsKey(name)) _faults.Add($"{Kind} {Shown(name)} has a second row", $"keep one row a {Kind}", line);
        else if (_attribute.Subject == SubjectKind.Vm ? _site.FindVm(name) is null : _site.FindHost(name) is null)
        {
            var known = _attribute.Subject == SubjectKind.Vm ? _site.Vms.Select(v => v.Name) : _site.Hosts.Select(h => h.Name);
            var nearest = _faults.WantsMore ? NearestWord.Find(name, known) : null;
            _faults.Add($"the site has no {Kind} {Shown(name)}", nearest is null ? null : $"did you mean `{nearest}`?", line);
        }
        else return true;
        return false;
    }

    /// <returns>NaN for a missing value; null for what is none.</returns>
    private double? Value(ReadOnlySpan<byte> field)
    {
        if (field is [(byte)'_']) return double.NaN;
        return Utf8Parser.TryParse(field, out double value, out var used) && used == field.Length && IsPossible(value) ? value : null;
    }

    private bool IsPossible(double value) => _attribute.Unit switch
    {
        Unit.Percent => value is >= 0 and <= 100,
        Unit.Any => double.IsFinite(value),
        _ => value >= 0 && double.IsFinite(value),
    };

    /// <summary>Of the subjects of the rows.</summary>
    private string Kind => _attribute.Subject == SubjectKind.Vm ? "vm" : "host";

    private void FaultInValue(string name, int line, string text)
    {
        // NaN is read as a number, and is none.
        var number = double.TryParse(text, NumberStyles.Float & ~(NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite), CultureInfo.InvariantCulture, out var value) && !double.IsNaN(value);
        _faults.Add(
            $"value {_row.Count + 1} of {Shown(name)} is {(text.Length == 0 ? "empty" : $"`{Shown(text)}`")}, {(number ? _attribute.Unit == Unit.Percent ? "outside 0 to 100" : "out of range" : "not a number")}",
            $"values are {Units}; write `_` for one that is missing", line);
    }

    private string Units => _attribute.Unit switch
    {
        Unit.Percent => _attribute == PolicyAttribute.VmCpu ? "per cent of the VM's own vCPUs" : "per cent",
        Unit.Bytes => "bytes",
        Unit.BytesPerSecond => "bytes per second",
        Unit.Seconds => "seconds",
        Unit.Watts => "watts",
        _ => "numbers",
    };

    private bool Stop(int line, string because)
    {
        _faults.Add($"{because}: this is no trace", null, line);
        return false;
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";
}
