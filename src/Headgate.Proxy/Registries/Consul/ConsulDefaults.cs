using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>What stands in for a service without instances.</summary>
internal static class ConsulDefaults
{
    /// <summary>The answer, or the settings' default instance when it has none.</summary>
    public static ServiceAnswer OrDefault(this ConsulAccess access, ServiceAnswer answer)
    {
        if (answer.Instances.Count > 0 || access.DefaultInstance is not { } instance)
            return answer;
        var stand = new ServiceAnswerBuilder();
        stand.Add("default_service", instance.Host, instance.Port, access.Weight);
        return stand.Build() with { Problems = answer.Problems };
    }
}
