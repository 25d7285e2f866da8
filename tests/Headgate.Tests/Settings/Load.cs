using Headgate.Settings;

namespace Headgate.Tests.Settings;

/// <summary>Reads settings from text, with an environment of its own.</summary>
internal static class Load
{
    public static LoadedSettings Yaml(string text, params (string Name, string Value)[] environment) =>
        SettingsReader.Read(text, "config.yaml", environment.ToDictionary(e => e.Name, e => e.Value));

    public static GatewaySettings Good(string text, params (string Name, string Value)[] environment)
    {
        LoadedSettings loaded = Yaml(text, environment);
        loaded.Errors.Select(e => e.ToString()).ShouldBeEmpty();
        return loaded.Settings;
    }

    public static string[] Errors(string text, params (string Name, string Value)[] environment) =>
        [.. Yaml(text, environment).Errors.Select(e => e.ToString())];

    public static string[] Warnings(string text, params (string Name, string Value)[] environment)
    {
        LoadedSettings loaded = Yaml(text, environment);
        loaded.Errors.Select(e => e.ToString()).ShouldBeEmpty();
        return [.. loaded.Warnings.Select(e => e.ToString())];
    }
}
