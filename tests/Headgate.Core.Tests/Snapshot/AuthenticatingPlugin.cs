using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>A plugin that finds consumers by their <c>key</c>.</summary>
internal sealed class AuthenticatingPlugin(string name) : PluginDefinition
{
    public override string Name => name;

    public override int Priority => 2500;

    public override bool IsAuthentication => true;

    public override string ConsumerKey => "key";

    public override ReadOnlyMemory<byte> Schema => "{}"u8.ToArray();

    public override PluginConfig? Read(ObjectReader reader) => new KeyConfig(reader.Text("key") ?? "");

    public override string? CredentialKey(PluginConfig credential) => ((KeyConfig)credential).Key;

    public sealed record KeyConfig(string Key) : PluginConfig;
}
