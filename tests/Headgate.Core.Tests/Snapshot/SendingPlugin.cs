using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>A plugin that sends requests to the upstream of an <c>id</c> and to one <c>own</c>, as far as they are given.</summary>
internal sealed class SendingPlugin : PluginDefinition
{
    public override string Name => "sending";

    public override int Priority => 1;

    public override ReadOnlyMemory<byte> Schema => "{}"u8.ToArray();

    public override PluginConfig? Read(ObjectReader reader) => new SendingConfig(reader.Id("id"), reader.Upstream("own"));

    public sealed record SendingConfig(string? Id, UpstreamConfig? Own) : PluginConfig
    {
        public override IReadOnlyList<PluginUpstream> Upstreams =>
            [.. Id is null ? (PluginUpstream[])[] : [PluginUpstream.Named(Id)], .. Own is null ? (PluginUpstream[])[] : [PluginUpstream.Own("here", Own)]];
    }
}
