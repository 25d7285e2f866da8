namespace Headgate.Proxy.Dns;

/// <summary>Follows aliases (CNAME) from a name to the records that were asked for, through one answer or several.</summary>
internal struct AliasChain(DnsQuestion question)
{
    /// <summary>Aliases followed for one question; longer chains are mistakes or loops. Resolvers in use stop at 8 to 20.</summary>
    public const int AliasesMax = 16;

    private int _aliases;

    /// <summary>The name that the aliases lead to so far.</summary>
    public string Name { get; private set; } = question.Name;

    /// <summary>Seconds that everything followed so far counts.</summary>
    public int TtlSeconds { get; private set; } = int.MaxValue;

    /// <summary>Goes as far as <paramref name="answers"/> lead; the records of the type asked for that the last name has.</summary>
    /// <exception cref="DnsException">Too many aliases, or a loop.</exception>
    public List<DnsRecord> Follow(IReadOnlyList<DnsRecord> answers)
    {
        while (true)
        {
            var found = new List<DnsRecord>();
            AliasRecord? alias = null;
            foreach (DnsRecord record in answers)
            {
                if (record.Owner != Name)
                    continue;
                if (record.Type == question.Type)
                    found.Add(record);
                else
                    alias = record as AliasRecord ?? alias;
            }

            foreach (DnsRecord record in found)
                TtlSeconds = Math.Min(TtlSeconds, record.TtlSeconds);
            if (found.Count > 0 || alias is null)
                return found;
            if (++_aliases > AliasesMax)
                throw new DnsException($"{question}: more than {AliasesMax} aliases, or a loop of them; the last leads to \"{alias.Target}\"");
            TtlSeconds = Math.Min(TtlSeconds, alias.TtlSeconds);
            Name = alias.Target;
        }
    }
}
