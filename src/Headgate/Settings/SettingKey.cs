using Headgate.Settings.Source;

namespace Headgate.Settings;

/// <summary>A key that acts: its path, what it takes, and where its value goes. One row of <see cref="SettingTable"/>.</summary>
/// <param name="path">Path with dots.</param>
/// <param name="meaning">One sentence for the reference.</param>
internal abstract class SettingKey(string path, string meaning)
{
    /// <summary>Path with dots: <c>apisix.node_listen</c>.</summary>
    public string Path { get; } = path;

    /// <summary>One sentence for the reference.</summary>
    public string Meaning { get; } = meaning;

    /// <summary>What is allowed.</summary>
    public abstract string Allowed { get; }

    /// <summary>The default as a user would write it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Whether an environment variable's text is the value as it is, and not YAML.</summary>
    public abstract bool IsText { get; }

    /// <summary>The settings with the written value in its place; unchanged when it is not allowed, which then has been reported.</summary>
    public abstract GatewaySettings Apply(GatewaySettings settings, SettingNode node, SettingProblems problems);
}
