using System.Reflection;

namespace Headgate.CommandLine;

/// <summary>The version of this build.</summary>
internal static class GatewayVersion
{
    /// <summary><c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(GatewayVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
