using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary>A workspace as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Config">What it says; null = it was deleted.</param>
/// <param name="Entry">Where it lies; null when it was deleted.</param>
/// <param name="ModRevision">Revision that wrote it last.</param>
internal sealed record KnownWorkspace(string Id, WorkspaceConfig? Config, StoreEntry? Entry, long ModRevision);
