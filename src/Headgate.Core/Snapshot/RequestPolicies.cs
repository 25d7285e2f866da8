using Headgate.Core.LoadBalancing;
using Headgate.Core.Resilience;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>What an upstream does with its requests besides picking nodes. Most upstreams have none of it.</summary>
/// <param name="Sticky">Cookies for sticky sessions; null = none.</param>
/// <param name="Rate">Lets requests through; null = all of them.</param>
/// <param name="RejectedCode">Status for those that are not let through: 503 or 429.</param>
/// <param name="Headers">Changes of header fields towards the nodes; null = none.</param>
public sealed record RequestPolicies(StickySessions? Sticky, RequestRate? Rate, int RejectedCode, HeaderEdits? Headers);
