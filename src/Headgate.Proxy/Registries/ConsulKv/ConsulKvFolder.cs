using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.ConsulKv;

/// <summary>What is known of one folder.</summary>
/// <param name="Answer">Its instances.</param>
/// <param name="IsGarbage">Whether there is nothing of use in it, which is no word on how many instances there are.</param>
internal sealed record ConsulKvFolder(ServiceAnswer Answer, bool IsGarbage);
