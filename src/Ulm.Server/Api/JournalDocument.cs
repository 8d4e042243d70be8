using System.Collections.Immutable;
using System.Text.Json;
using Ulm.Engine.Journal;
using Ulm.Server.Commands;

namespace Ulm.Server.Api;

public sealed record JournalDocument(string Schema, ImmutableArray<JournalEntry> Entries)
{
    public const string SchemaName = "ulm.journal/1";

    /// <summary>How an entry is written where each has a line of its own.</summary>
    internal static readonly JsonSerializerOptions OneLine = new(CommonOptions.Json) { WriteIndented = false };
}
