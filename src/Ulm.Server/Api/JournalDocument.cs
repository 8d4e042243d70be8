using System.Collections.Immutable;
using Ulm.Engine.Journal;

namespace Ulm.Server.Api;

public sealed record JournalDocument(string Schema, ImmutableArray<JournalEntry> Entries)
{
    public const string SchemaName = "ulm.journal/1";
}
