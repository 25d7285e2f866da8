using System.Text.Json.Nodes;
using Headgate.Settings.Source;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>An object as a file has it.</summary>
/// <param name="Name">Which.</param>
/// <param name="Value">What is to be written: its id as text, without times and without what only the gateway writes.</param>
/// <param name="Written">The mapping in the file, which knows the lines.</param>
internal sealed record WantedObject(ObjectName Name, JsonObject Value, SettingNode.Map Written)
{
    /// <summary>The line of a member; of the object when there is no such member.</summary>
    public SettingOrigin OriginOf(string? member) => Written.Entries.FirstOrDefault(entry => entry.Key == member)?.Origin ?? Written.Origin;
}
