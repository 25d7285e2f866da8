namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>keepalive_pool</c>; what it leaves out has <see cref="KeepalivePoolConfig.Default"/>'s value.</summary>
internal static class KeepalivePoolReader
{
    public static KeepalivePoolConfig Read(ObjectReader upstream)
    {
        KeepalivePoolConfig pool = KeepalivePoolConfig.Default;
        if (upstream.Object("keepalive_pool") is not { } reader)
            return pool;

        pool = new KeepalivePoolConfig(
            reader.Integer("size", 1) ?? pool.Size,
            reader.Duration("idle_timeout", aboveZero: false) ?? pool.IdleTimeout,
            reader.Integer("requests", 1) ?? pool.Requests);
        reader.WarnOthers();
        return pool;
    }
}
