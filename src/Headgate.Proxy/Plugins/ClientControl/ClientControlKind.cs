using System.Text.Json;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.ClientControl;

/// <summary><c>client-control</c>: how large bodies of requests may be.</summary>
internal sealed class ClientControlKind : PluginKind<ClientControlConfig>
{
    /// <inheritdoc/>
    public override string Name => "client-control";

    /// <inheritdoc/>
    public override int Priority => 22000;

    /// <inheritdoc/>
    protected override ClientControlConfig? ReadConfig(ObjectReader reader)
    {
        long? bytes = null;
        if (reader.TryGet("max_body_size", out JsonElement value))
        {
            bytes = value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long large) && large > int.MaxValue
                ? large
                : JsonValues.Integer(value, reader.At.Property("max_body_size"), reader.Findings, 0);
        }

        reader.ForbidOthers();
        return new ClientControlConfig(bytes);
    }

    /// <inheritdoc/>
    protected override Plugin Make(ClientControlConfig config, PluginServices services) => new ClientControlPlugin(config);
}
