using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Server.Commands;

namespace Ulm.Server.Policies;

/// <summary>Where a running server's policies come from, and what becomes of them when they are read anew.</summary>
public interface IPolicySource
{
    /// <summary>Where they stand, for people.</summary>
    string Folder { get; }

    /// <summary>Waits until the files stand still, and compiles them.</summary>
    /// <param name="evenIfUnchanged">False: null where they are those compiled last and nobody asked for a look.</param>
    /// <exception cref="CommandFailedException">There is nothing to read anew.</exception>
    Task<PolicyReload?> ReadAsync(bool evenIfUnchanged, CancellationToken ct);

    /// <summary>Waits until the files stand still, and compiles them without taking note: what has changed is a change still.</summary>
    /// <exception cref="CommandFailedException">There is nothing to read anew.</exception>
    Task<PolicyReload> PeekAsync(CancellationToken ct);

    /// <summary>Compiles other texts, as they would be were they there.</summary>
    PolicyReload Try(ImmutableArray<SourceText> texts);
}
