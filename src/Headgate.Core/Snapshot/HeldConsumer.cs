using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>A consumer that is being served, with its credentials. Only the compiler touches it.</summary>
internal sealed class HeldConsumer
{
    /// <summary>Makes a consumer that holds nothing. <paramref name="toLink"/>: it adds itself there when an upstream of its plugins appears or goes.</summary>
    public HeldConsumer(string name, HashSet<HeldConsumer> toLink)
    {
        Name = name;
        Plugins = new HeldPlugins($"{ResourceKind.Consumer.Plural()}/{name}", () => toLink.Add(this));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its last good configuration; null when there is none, as when its credentials came first.</summary>
    public ConsumerConfig? Config { get; set; }

    /// <summary>Its plugins but for those by which it says who it is.</summary>
    public HeldPlugins Plugins { get; }

    /// <summary>The credentials that are objects of their own, by id among all credentials.</summary>
    public Dictionary<string, CredentialConfig> Credentials { get; } = new(StringComparer.Ordinal);

    /// <summary>What is in the table; null when nothing is.</summary>
    public ConsumerSnapshot? Served { get; set; }

    /// <summary>The entries that it has in the tables of credentials.</summary>
    public List<HeldCredential> Entries { get; } = [];
}
