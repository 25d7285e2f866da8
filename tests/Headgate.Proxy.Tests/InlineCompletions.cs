using System.Runtime.CompilerServices;

namespace Headgate.Proxy.Tests;

/// <summary>
/// The tests run as the executable does: what awaits a socket goes on, on the thread that polled it. Read by the runtime when the first socket is made, so it
/// is set before anything else runs.
/// </summary>
internal static class InlineCompletions
{
#pragma warning disable CA2255 // Not a library: the test's own executable.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Enable() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
