using Headgate.Store.Documents;

namespace Headgate.Settings.Source;

/// <summary>Replaces references to environment variables in the text of the file before it is parsed (<see cref="VariableReferences"/>).</summary>
internal static class VariableSubstitution
{
    /// <summary>The text with every reference replaced; a variable that is unset and has no default is an error and becomes nothing.</summary>
    public static string Apply(string text, string fileName, Func<string, string?> environment, SettingProblems problems) =>
        VariableReferences.Replace(text, environment, (line, problem) => problems.Error(new SettingOrigin(fileName, line), "", problem));
}
