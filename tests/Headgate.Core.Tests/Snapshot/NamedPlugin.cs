using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>A plugin that is known by its name and takes an <c>x</c>.</summary>
internal sealed class NamedPlugin(string name, int priority = 0) : PluginDefinition
{
    public override string Name => name;

    public override int Priority => priority;

    public override ReadOnlyMemory<byte> Schema => "{}"u8.ToArray();

    public override PluginConfig? Read(ObjectReader reader)
    {
        var config = new XConfig(reader.Integer("x", 0, 9));
        reader.ForbidOthers();
        return config;
    }

    public sealed record XConfig(int? X) : PluginConfig;
}
