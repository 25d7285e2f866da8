using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>All that files say.</summary>
/// <param name="Objects">The objects, in the order in which they can be written.</param>
/// <param name="Mentioned">Kinds that have a list in a file, be it empty: what is missing in them may be pruned.</param>
/// <param name="WithCredentials">Consumers that say which credentials they have, be it none.</param>
internal sealed record WantedConfiguration(IReadOnlyList<WantedObject> Objects, IReadOnlySet<ResourceKind> Mentioned, IReadOnlySet<string> WithCredentials)
{
    /// <summary>The object of a name; null = no file has it.</summary>
    public WantedObject? Find(ObjectName name) => _byName.GetValueOrDefault(name);

    private readonly Dictionary<ObjectName, WantedObject> _byName = Objects.ToDictionary(static wanted => wanted.Name);
}
