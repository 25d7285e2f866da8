namespace Headgate.Core.Plugins;

/// <summary>
/// What the data plane has made of the plugins of one owner: a route, a consumer, the global rules. Lies on what is served, so that a request finds it without looking anything up.
/// Immutable but for what its plugins count and learn; shared by all threads.
/// </summary>
public abstract class PluginChain;
