using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Discovery;

/// <summary>What was known of a service.</summary>
/// <param name="Key">Which.</param>
/// <param name="AnsweredAt">Until when it was known to be true.</param>
/// <param name="Instances">What was in use.</param>
internal sealed record RememberedService(ServiceKey Key, DateTimeOffset AnsweredAt, EquatableArray<ServiceInstance> Instances);
