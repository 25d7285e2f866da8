using System.Text.RegularExpressions;
using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>
/// Environment variables that override keys: <c>HEADGATE_</c> and the path, <c>__</c> between its levels, letters in any case. The value of
/// a key that takes a text is taken as it is; any other is read as YAML, so that lists and mappings can be given. An empty variable counts
/// as not set, since container tools cannot leave one out.
/// </summary>
internal static partial class EnvironmentOverrides
{
    /// <summary>Prefix of all of them.</summary>
    public const string Prefix = "HEADGATE_";

    /// <summary>Variables with the prefix that mean something else.</summary>
    public static readonly IReadOnlyList<string> Others = ["HEADGATE_SEED", "HEADGATE_SOAK_MINUTES", "HEADGATE_INSTANCE_TOKEN"];

    /// <summary>Adds the overrides in <paramref name="environment"/> to <paramref name="values"/>, in the order of their names.</summary>
    public static void Read(IReadOnlyDictionary<string, string> environment, IDictionary<string, SettingNode> values, SettingProblems problems)
    {
        foreach ((string name, string value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || value.Length == 0)
                continue;
            if (!Others.Contains(name) && !IsServiceLink(name))
                Read(name, value, values, problems);
        }
    }

    private static void Read(string name, string value, IDictionary<string, SettingNode> values, SettingProblems problems)
    {
        string path = name[Prefix.Length..].Replace("__", ".", StringComparison.Ordinal);
        var origin = new SettingOrigin(name, 0);
        var text = new SettingNode.Scalar(origin, value, Plain: false);
        if (SettingTable.Find(path, StringComparison.OrdinalIgnoreCase) is { } key)
        {
            SettingNode? node = key.IsText ? text : YamlSource.Read(value, _ => origin, problems);
            if (node is { IsNull: false })
                values[key.Path] = node;
        }
        else if (KeysWithoutEffect.Find(path, StringComparison.OrdinalIgnoreCase) is { } inert)
        {
            problems.Warning(origin, inert.Path, SettingTexts.NoEffect);
        }
        else if (KnownPaths.IsSection(path, StringComparison.OrdinalIgnoreCase))
        {
            problems.Error(origin, "", "names a section; a variable sets one key, such as HEADGATE_APISIX__NODE_LISTEN");
        }
        else
        {
            string? nearest = NearestName.Of(path, [.. SettingTable.Keys.Select(k => k.Path)]);
            string hint = nearest is null ? "" : $"did you mean {Name(nearest)}? ";
            problems.Error(origin, "", $"names no known key; {hint}The form is {Prefix} and the path of a key of docs/reference/configuration.md, with __ between its levels");
        }
    }

    /// <summary>The variable that overrides a key.</summary>
    public static string Name(string path) => Prefix + path.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>
    /// Kubernetes puts the addresses of every service into the environment of every container: a service called <c>headgate</c> would
    /// otherwise keep the gateway beside it from starting.
    /// </summary>
    private static bool IsServiceLink(string name) => !name.Contains("__", StringComparison.Ordinal) && ServiceLink().IsMatch(name);

    [GeneratedRegex("_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceLink();
}
