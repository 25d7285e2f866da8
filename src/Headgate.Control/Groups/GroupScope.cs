using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.References;
using Headgate.Control.AdminApi.Standalone;
using Headgate.Control.AdminApi.Validation;
using Headgate.Control.Instances;
using Headgate.Control.Revisions;
using Headgate.Control.Revisions.Preview;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Groups;

/// <summary>All that answers for one gateway group: its objects, what is remembered of them, and the feeds that keep that true. Below, every group's keys are the default group's.</summary>
internal sealed class GroupScope : IDisposable
{
    private readonly StoreFeed _objectFeed;
    private readonly StoreFeed _tenancyFeed;

    /// <summary>Makes it; nothing is read before <see cref="StartAsync"/>.</summary>
    /// <param name="group">Id of the group.</param>
    /// <param name="store">Its store: objects below the default prefix, whatever the group's is, and the records beside them as they are.</param>
    /// <param name="options">What the Admin API knows of the settings.</param>
    /// <param name="rates">The traffic of its routes.</param>
    /// <param name="time">Clock of times that are stored.</param>
    /// <param name="logging">Where to log.</param>
    public GroupScope(string group, IConfigStore store, AdminApiOptions options, GroupRates rates, TimeProvider time, ILoggerFactory logging)
    {
        (Group, Store) = (group, store);
        Tenancy = new Tenancy(group);
        Rules = new WorkspaceRules(Tenancy, store);
        Commits = new ObjectCommits(store, Index, Rules);
        History = new ObjectHistory(store);
        PastOwners = new PastOwners(Tenancy, Rules, History);
        Conflicts = new Conflicts(History, PastOwners);
        Radii = new BlastRadii(Index, Rules, rates);
        var previews = new Previews(store, Index, Radii, time);
        Writes = new ObjectWrites(Commits, Rules, Index, Locks, Gate, Ids, Conflicts, previews, time, options);
        var consumers = new ConsumerDeletes(store, Index, Rules, Locks, Conflicts);
        Deletes = new ObjectDeletes(store, Commits, consumers, Rules, Index, Locks, Gate, Conflicts, previews, time, logging.CreateLogger<ObjectDeletes>());
        Validation = new ConfigsValidation(Index, Commits, options);
        Reads = new ObjectReads(store, Rules, logging.CreateLogger<ObjectReads>());
        Dispatcher = new AdminDispatcher(Reads, Writes, Deletes, Validation, new StandaloneConfigs(Validation, options, time), options);
        ILogger log = logging.CreateLogger<StoreFeed>();
        Revisions = new GroupRevisions(time);
        _objectFeed = new StoreFeed(store, ResourceKinds.DefaultPrefix + "/", Load, Apply, time, log);
        _tenancyFeed = new StoreFeed(store, RecordKeys.Tenancy(group), Tenancy.Load, Tenancy.Apply, time, log);
    }

    /// <summary>Id of the group.</summary>
    public string Group { get; }

    /// <summary>Its store.</summary>
    public IConfigStore Store { get; }

    /// <summary>What is remembered of its objects.</summary>
    public ObjectIndex Index { get; } = new();

    /// <summary>What its instances should run.</summary>
    public GroupRevisions Revisions { get; }

    /// <summary>How it is divided.</summary>
    public Tenancy Tenancy { get; }

    /// <summary>What its workspaces may see and write.</summary>
    public WorkspaceRules Rules { get; }

    /// <summary>Turns of the writes of one key.</summary>
    public KeyLocks Locks { get; } = new();

    /// <summary>Lets a deletion be alone.</summary>
    public WriteGate Gate { get; } = new();

    /// <summary>Ids of POST.</summary>
    public IdSequence Ids { get; } = new();

    /// <summary>What its objects were.</summary>
    public ObjectHistory History { get; }

    /// <summary>Whose they were.</summary>
    public PastOwners PastOwners { get; }

    /// <summary>Answers writes whose <c>If-Match</c> did not hold.</summary>
    public Conflicts Conflicts { get; }

    /// <summary>Whom an edit concerns.</summary>
    public BlastRadii Radii { get; }

    /// <summary>Commits.</summary>
    public ObjectCommits Commits { get; }

    /// <summary>GET.</summary>
    public ObjectReads Reads { get; }

    /// <summary>PUT, POST, PATCH.</summary>
    public ObjectWrites Writes { get; }

    /// <summary>DELETE.</summary>
    public ObjectDeletes Deletes { get; }

    /// <summary>Says what a write would be refused for.</summary>
    public ConfigsValidation Validation { get; }

    /// <summary>Answers requests to the Admin API about the group.</summary>
    public AdminDispatcher Dispatcher { get; }

    /// <summary>A workspace that was made; null when there is none. One that another control plane has made a moment ago is read.</summary>
    public async ValueTask<KnownWorkspace?> FindWorkspaceAsync(string workspace, CancellationToken cancellationToken)
    {
        if (Tenancy.Find(workspace) is { } known)
            return known;
        string key = RecordKeys.Workspaces(Group) + workspace;
        if (!ObjectId.IsLegal(workspace) || await Store.FindAsync(key, cancellationToken) is not { } entry)
            return null;
        Tenancy.Learn(new StoreChange(key, entry), entry.ModRevision);
        return Tenancy.Find(workspace);
    }

    /// <summary>Begins to follow the store.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _objectFeed.StartAsync(cancellationToken);
        await _tenancyFeed.StartAsync(cancellationToken);
    }

    /// <summary>Stops following it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _objectFeed.StopAsync(cancellationToken);
        await _tenancyFeed.StopAsync(cancellationToken);
    }

    private void Load(StoreView view)
    {
        Index.Load(view);
        Revisions.Load(view);
    }

    private void Apply(StoreRevision revision)
    {
        Index.ApplyWatched(revision);
        Revisions.Apply(revision);
    }

    /// <summary>Gives back what a stopped scope holds; not the store, and not the locks, which a request may still wait for.</summary>
    public void Dispose()
    {
        _objectFeed.Dispose();
        _tenancyFeed.Dispose();
    }
}
