using System.Collections.Concurrent;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Instances;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Groups;

/// <summary>
/// The gateway groups that this control plane answers for. The default one is always there; another is opened when it is first asked for. Whether there is a group is asked of the
/// store every time: another control plane may have made or deleted it a moment ago.
/// </summary>
internal sealed class GroupScopes : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, GroupScope> _opened = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Func<string, IConfigStore> _open;
    private readonly Func<string, IConfigStore, GroupScope> _make;

    /// <summary>Makes the default group's scope, which has not started.</summary>
    /// <param name="store">The default group's store, which has the records of groups as well.</param>
    /// <param name="open">The store of another group, by the prefix of its keys.</param>
    /// <param name="options">What the Admin API knows of the settings.</param>
    /// <param name="fleet">The instances.</param>
    /// <param name="time">Clock of times that are stored.</param>
    /// <param name="logging">Where to log.</param>
    public GroupScopes(IConfigStore store, Func<string, IConfigStore> open, AdminApiOptions options, Fleet fleet, TimeProvider time, ILoggerFactory logging)
    {
        _open = open;
        _make = (group, groupStore) => new GroupScope(group, groupStore, options, new GroupRates(fleet, group), time, logging);
        Records = store;
        Default = _make(GatewayGroupConfig.DefaultId, store);
    }

    /// <summary>Has the records of groups.</summary>
    public IConfigStore Records { get; }

    /// <summary>The default group.</summary>
    public GroupScope Default { get; }

    /// <summary>The group of an id; null when there is none.</summary>
    public async ValueTask<GroupScope?> FindAsync(string group, CancellationToken cancellationToken)
    {
        if (group == GatewayGroupConfig.DefaultId)
            return Default;
        if (!ObjectId.IsLegal(group))
            return null;
        if (await Records.FindAsync(RecordKeys.Group(group), cancellationToken) is not null)
            return await OpenAsync(group, cancellationToken);
        await CloseAsync(group);
        return null;
    }

    /// <summary>The group of an id, if this process has looked into it already; the store is not asked.</summary>
    public GroupScope? Opened(string group) => group == GatewayGroupConfig.DefaultId ? Default : _opened.GetValueOrDefault(group);

    /// <summary>A group whether or not there is a record of it: for the one that makes or deletes it.</summary>
    public async ValueTask<GroupScope> OpenAsync(string group, CancellationToken cancellationToken)
    {
        if (_opened.TryGetValue(group, out GroupScope? opened))
            return opened;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (!_opened.TryGetValue(group, out opened))
            {
                opened = _make(group, _open(GatewayGroupConfig.PrefixOf(group)));
                await opened.StartAsync(CancellationToken.None);
                _opened[group] = opened;
            }

            return opened;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Closes the scope of a group that is gone.</summary>
    public async Task CloseAsync(string group)
    {
        if (!_opened.TryRemove(group, out GroupScope? opened))
            return;
        await opened.StopAsync(CancellationToken.None);
        opened.Dispose();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Default.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Default.StopAsync(cancellationToken);
        foreach (string group in _opened.Keys)
            await CloseAsync(group);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Default.Dispose();
        _opening.Dispose();
    }
}
