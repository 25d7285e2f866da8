using Headgate.CommandLine;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>Who the gateway instance is that this process runs.</summary>
internal static class InstanceIdentities
{
    /// <summary>File of the generated id, in the data folder.</summary>
    private const string FileName = "instance.id";

    /// <summary>The identity, given the open traffic listeners. The id is <c>apisix.id</c>, else the generated one, which later starts find again.</summary>
    /// <exception cref="StartException">The id cannot be had.</exception>
    public static InstanceIdentity Of(GatewaySettings settings, IEnumerable<BoundListener> listeners) => new(
        settings.InstanceId ?? GeneratedKey.ReadOrCreate(Path.Combine(Path.GetFullPath(settings.Data), FileName), "id of the instance"),
        GroupOf(settings), Environment.MachineName, GatewayVersion.Text, [.. listeners.Select(static listener => $"{listener.Plan.Scheme}://{listener.EndPoint}")],
        Environment.ProcessorCount, TimeProvider.System.GetUtcNow());

    /// <summary>The gateway group whose configuration is read: told by where it lies.</summary>
    private static string GroupOf(GatewaySettings settings)
    {
        string groups = GatewayGroupConfig.PrefixOf("");
        return settings.ConfigProvider == ConfigProvider.Etcd && settings.Etcd.Prefix.StartsWith(groups, StringComparison.Ordinal) && settings.Etcd.Prefix.Length > groups.Length
            ? settings.Etcd.Prefix[groups.Length..] : GatewayGroupConfig.DefaultId;
    }
}
