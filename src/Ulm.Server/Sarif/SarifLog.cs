using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ulm.Server.Sarif;

/// <summary>
/// The part of SARIF 2.1.0 (OASIS "Static Analysis Results Interchange Format", with errata 01) that <c>validate</c> writes: what
/// code hosts and editors need to show a fault at its place. Names are the standard's; what is null is left out.
/// </summary>
public sealed record SarifLog([property: JsonPropertyName("$schema")] string Schema, string Version, ImmutableArray<SarifRun> Runs);

/// <param name="ColumnKind">What a column counts; without it a reader must guess.</param>
public sealed record SarifRun(SarifTool Tool, ImmutableArray<SarifInvocation> Invocations, string ColumnKind, ImmutableArray<SarifResult> Results);

public sealed record SarifTool(SarifDriver Driver);

public sealed record SarifDriver(string Name, string Version, ImmutableArray<SarifRule> Rules);

/// <param name="ExecutionSuccessful">True whatever was found: the tool did its work.</param>
public sealed record SarifInvocation(bool ExecutionSuccessful);

public sealed record SarifRule(string Id, SarifText ShortDescription, SarifText Help, SarifConfiguration DefaultConfiguration, SarifProperties Properties);

public sealed record SarifConfiguration(string Level);

public sealed record SarifProperties(ImmutableArray<string> Tags);

public sealed record SarifText(string Text, string? Markdown = null);

/// <param name="RelatedLocations">Null where there are none.</param>
public sealed record SarifResult(
    string RuleId, int RuleIndex, string Level, SarifText Message, ImmutableArray<SarifLocation> Locations, IReadOnlyList<SarifLocation>? RelatedLocations);

public sealed record SarifLocation(SarifPhysicalLocation PhysicalLocation, SarifText? Message);

public sealed record SarifPhysicalLocation(SarifArtifactLocation ArtifactLocation, SarifRegion Region);

/// <param name="UriBaseId">What a relative <paramref name="Uri"/> is relative to; null where it is absolute.</param>
public sealed record SarifArtifactLocation(string Uri, string? UriBaseId);

/// <summary>Lines and columns from 1; the end is the column behind the last character.</summary>
public sealed record SarifRegion(int StartLine, int StartColumn, int EndLine, int EndColumn);
