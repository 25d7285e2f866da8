using System.Net;
using System.Net.Sockets;
using Headgate.Settings;

namespace Headgate.Hosting;

/// <summary>
/// A listener could not be opened; the message names address, key and what to do. An <see cref="IOException"/> because Kestrel takes any other
/// exception on "every address" as "no IPv6 here" and tries again without it.
/// </summary>
internal sealed class ListenException(ListenerPlan plan, EndPoint endPoint, SocketException reason)
    : IOException(Text(plan, endPoint, reason), reason)
{
    private static string Text(ListenerPlan plan, EndPoint endPoint, SocketException reason) => reason.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{plan.Path}: {endPoint} is in use by another process; use another port, or stop the other ({EnvironmentOverrides.Name(plan.Key)} overrides the key)",
        SocketError.AccessDenied => $"{plan.Path}: {endPoint} needs a permission this process does not have (a port below 1024?)",
        SocketError.AddressNotAvailable => $"{plan.Path}: {endPoint} is not an address of this machine",
        _ => $"{plan.Path}: cannot listen on {endPoint}: {reason.Message}",
    };
}
