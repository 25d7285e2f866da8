using Headgate.Core.Config.Plugins;

namespace Headgate.Samples.Teapot;

/// <summary>Configuration of <c>teapot</c>.</summary>
/// <param name="Message">What clients are told.</param>
public sealed record TeapotConfig(string Message) : PluginConfig;
