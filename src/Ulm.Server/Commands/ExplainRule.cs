using System.Text.Json;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Rules;
using Ulm.Server.Api;
using Ulm.Server.Configuration;
using Ulm.Server.Policies;

namespace Ulm.Server.Commands;

/// <summary><c>explain --rule</c>: of the running server as it stands, or of files on a snapshot.</summary>
internal static class ExplainRule
{
    public const int MostShown = 10;

    public const int MostInJson = 10_000;

    public static async Task<int> OfServerAsync(Terminal terminal, string rule, string? subject, string socket, OutputFormat format, CancellationToken ct)
    {
        using var server = new ServerClient(socket);
        var question = $"{Endpoints.Explain}?rule={Uri.EscapeDataString(rule)}&most={Most(format)}{(subject is null ? "" : $"&subject={Uri.EscapeDataString(subject)}")}";
        return Print(terminal, await server.GetAsync<RuleExplanationDocument>(question, ct), format);
    }

    /// <summary>Of the journal alone, where no server runs.</summary>
    public static async Task<int> OfJournalAsync(Terminal terminal, JournalSource journal, string rule, string? subject, OutputFormat format, CancellationToken ct)
    {
        string?[] subjects = subject is null || subject.Contains('/') ? [subject] : [$"host/{subject}", $"vm/{subject}", $"cluster/{subject}"];
        IReadOnlyList<JournalEntry> entries = [];
        foreach (var asked in subjects) if (entries.Count == 0) entries = await journal.FindAsync(new JournalQuery(RuleExplanationDocument.MostLately) { Rule = rule, Subject = asked }, ct);
        if (entries.Count == 0) throw new CommandFailedException($"the journal has nothing of {rule}{(subject is null ? "" : $" on {subject}")}");
        return Print(terminal, new RuleExplanationDocument(RuleExplanationDocument.SchemaName, rule, "by the journal", null, entries[^1].At, [], 0) { Lately = [.. entries] }, format);
    }

    /// <summary>There is no history on a snapshot: what is true became true now.</summary>
    public static int OfFiles(Terminal terminal, string rule, string? subject, string[]? paths, string siteFile, (ServerConfig? Server, SiteClock Clock) settings, string? time, OutputFormat format)
    {
        var policies = PolicyFiles.LoadSoundFiles(FileOptions.PathsOf(paths, settings.Server), terminal, settings.Clock).Result.Policies;
        var (zone, options) = (policies.TimeZone ?? settings.Clock.Zone, settings.Server?.Loop ?? new LoopOptions());
        var at = time is null ? TimeProvider.System.GetUtcNow() : TimeText.Parse(time, "--at", zone);
        var facts = SnapshotFacts.Of(SiteFile.Read(siteFile), PolicyReads.Of(policies), at, settings.Clock.PollingInterval);
        var look = new Look(policies, options.Limits, zone, options.Mode);
        look.At(facts, [], mayAct: false);
        return Print(terminal, RuleExplanationDocument.Of(look, facts, zone, rule, subject, Most(format)), format);
    }

    private static int Most(OutputFormat format) => format == OutputFormat.Json ? MostInJson : MostShown;

    private static int Print(Terminal terminal, RuleExplanationDocument document, OutputFormat format)
    {
        if (format == OutputFormat.Json) terminal.Out.WriteLine(JsonSerializer.Serialize(document, CommonOptions.Json));
        else RuleExplanationText.Print(document, terminal);
        return ExitCode.Clean;
    }
}
