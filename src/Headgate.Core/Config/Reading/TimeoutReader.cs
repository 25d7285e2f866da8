namespace Headgate.Core.Config.Reading;

/// <summary>Reads a <c>timeout</c>: three times, all of them or none.</summary>
internal static class TimeoutReader
{
    public static TimeoutConfig? Read(ObjectReader owner)
    {
        if (owner.Object("timeout") is not { } reader)
            return null;

        TimeSpan? connect = Required(reader, "connect");
        TimeSpan? send = Required(reader, "send");
        TimeSpan? read = Required(reader, "read");
        reader.WarnOthers();
        return connect is { } c && send is { } s && read is { } r ? new TimeoutConfig(c, s, r) : null;
    }

    private static TimeSpan? Required(ObjectReader reader, string name)
    {
        reader.Require(name);
        return reader.Duration(name, aboveZero: true);
    }
}
