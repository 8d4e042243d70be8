namespace Ulm.Munin;

/// <summary>
/// Polls the chosen plugins of one node and turns what they send into readings. Keeps each plugin's configuration for a while, takes
/// values from <c>config</c> where a plugin sends them there (dirtyconfig), and goes on with the other plugins when one fails.
/// Thread-safe: concurrent polls take turns. Owns nothing: the node is the caller's to dispose of.
/// </summary>
public sealed class MuninCollector
{
    private readonly MuninNode _node;
    private readonly TimeProvider _time;
    private readonly MuninCollectorOptions _options;
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Owned by whoever has the turn.
    private readonly Dictionary<string, PolledPlugin> _plugins = new(StringComparer.Ordinal);
    private readonly ClockWatch _clock;

    public MuninCollector(MuninNode node, TimeProvider time, MuninCollectorOptions? options = null)
    {
        (_node, _time, _options) = (node, time, options ?? new MuninCollectorOptions());
        _options.Validate();
        _clock = new ClockWatch(time);
    }

    /// <summary>
    /// One look at all the plugins named. Reports faults of the node and of plugins in the result; throws only
    /// <see cref="OperationCanceledException"/>, <see cref="ObjectDisposedException"/>, and <see cref="ArgumentException"/> for a name
    /// that no plugin can have. A plugin left out is forgotten, and with it what its rates rest on.
    /// </summary>
    public async Task<MuninPoll> PollAsync(IReadOnlyCollection<string> plugins, CancellationToken ct = default)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var chosen = Choose(plugins);
            if (_clock.StepSinceLastLook() is { } step)
                foreach (var plugin in chosen)
                    plugin.ResetRates(step);
            var poll = new Dictionary<string, MuninReading>(StringComparer.Ordinal);
            var faults = new Dictionary<string, MuninException>(StringComparer.Ordinal);
            using var timer = new CancellationTokenSource(_options.PollTimeout, _time);
            using var within = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
            MuninException? nodeFault = null;
            foreach (var plugin in chosen)
            {
                var fault = nodeFault ?? await TryAskAsync(plugin, within.Token, ct).ConfigureAwait(false);
                if (fault is { IsNodeWide: true }) nodeFault = fault;
                fault = Report(plugin, chosen, fault, poll);
                plugin.FailedLast = fault is not null;
                if (fault is not null) faults[plugin.Name] = fault;
            }
            return new MuninPoll(_time.GetUtcNow(), poll, faults);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The plugins to ask, those first that worked the last time.</summary>
    private List<PolledPlugin> Choose(IReadOnlyCollection<string> names)
    {
        var chosen = new List<PolledPlugin>(names.Count);
        foreach (var name in names)
        {
            if (!_plugins.TryGetValue(name, out var plugin)) _plugins[name] = plugin = new PolledPlugin(Names.Checked(name, nameof(names)));
            if (!chosen.Contains(plugin)) chosen.Add(plugin);
        }
        if (_plugins.Count > chosen.Count)
            foreach (var left in _plugins.Values.Except(chosen).ToList())
                _plugins.Remove(left.Name);
        return chosen.Exists(p => p.FailedLast) ? [.. chosen.OrderBy(p => p.FailedLast)] : chosen;
    }

    private async Task<MuninException?> TryAskAsync(PolledPlugin plugin, CancellationToken within, CancellationToken ct)
    {
        try
        {
            within.ThrowIfCancellationRequested();
            return await AskAsync(plugin, within).ConfigureAwait(false);
        }
        catch (MuninException e)
        {
            if (e.Fault == MuninFault.UnknownPlugin) plugin.ForgetConfig();
            return e;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            return new MuninException(MuninFault.Timeout, _node.Address, $"poll {plugin.Name}",
                $"the poll was not done within {_options.PollTimeout.TotalSeconds:0.###} s", e);
        }
    }

    private async Task<MuninException?> AskAsync(PolledPlugin plugin, CancellationToken ct)
    {
        var due = !plugin.HasConfig || plugin.ConfigConnection != _node.Connections
            || _time.GetElapsedTime(plugin.ConfigReadAt) >= _options.ConfigLifetime;
        var values = due ? await ReadConfigAsync(plugin, ct).ConfigureAwait(false) : null;
        values ??= await _node.FetchAsync(plugin.Name, ct).ConfigureAwait(false);
        var stray = plugin.FindStray(values);
        if (stray is not null || plugin.ConfigConnection != _node.Connections)
        {
            // A VM came, or the node was restarted between the two: the values may be right and the configuration old.
            values = await ReadConfigAsync(plugin, ct).ConfigureAwait(false) ?? values;
            stray = plugin.FindStray(values);
        }
        plugin.Take(values, _time.GetUtcNow());
        return stray is null
            ? null
            : Violation(plugin, $"expected values of its own fields, got one for {stray}, which its config does not name");
    }

    /// <summary>The values that came along, if they came for every graph that has fields; else they have to be fetched.</summary>
    private async Task<IReadOnlyList<MuninValues>?> ReadConfigAsync(PolledPlugin plugin, CancellationToken ct)
    {
        var graphs = await _node.ConfigAsync(plugin.Name, ct).ConfigureAwait(false);
        plugin.Configure(graphs, _time.GetTimestamp(), _node.Connections, _options.MaxGap);
        var withFields = graphs.Where(g => g.Fields.Count > 0).ToList();
        return withFields.Count > 0 && withFields.TrueForAll(g => g.Values is not null) ? [.. withFields.Select(g => g.Values!)] : null;
    }

    /// <summary>Puts the plugin's readings into the poll. A plugin may not speak in the name of another one.</summary>
    private MuninException? Report(PolledPlugin plugin, List<PolledPlugin> chosen, MuninException? fault,
        Dictionary<string, MuninReading> poll)
    {
        foreach (var graph in plugin.Graphs)
            if (graph != plugin.Name && chosen.Exists(other => other.Name == graph))
                return fault ?? Violation(plugin, $"expected graphs of its own, got one named like the plugin {graph}");
        var missing = fault is null ? "the plugin sent no value for this field" : fault.Message;
        var clash = plugin.Report(poll, _time.GetUtcNow(), missing);
        return fault ?? (clash is null ? null : Violation(plugin, $"a reading named {clash} has already come from another plugin"));
    }

    private MuninException Violation(PolledPlugin plugin, string what) =>
        new(MuninFault.ProtocolViolation, _node.Address, $"poll {plugin.Name}", what);
}
