namespace Headgate.Control.Line;

/// <summary>Who a gateway instance is: one running data-plane process.</summary>
/// <param name="Id">Its id, which it keeps over restarts.</param>
/// <param name="Group">The gateway group whose configuration it runs.</param>
/// <param name="Hostname">Name of its machine.</param>
/// <param name="Version">Headgate's, without a leading v.</param>
/// <param name="Addresses">Where it takes traffic: <c>http://10.0.0.7:9080</c>.</param>
/// <param name="Cores">Processors that it may use.</param>
/// <param name="StartTime">When the process started.</param>
public sealed record InstanceIdentity(string Id, string Group, string Hostname, string Version, IReadOnlyList<string> Addresses, int Cores, DateTimeOffset StartTime);
