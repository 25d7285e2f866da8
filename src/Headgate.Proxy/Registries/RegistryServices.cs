using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Registries;

/// <summary>What clients of registries are made with.</summary>
/// <param name="Time">Their clock.</param>
/// <param name="Loggers">Where they log.</param>
/// <param name="Seed">Where their draws begin.</param>
public sealed record RegistryServices(TimeProvider Time, ILoggerFactory Loggers, int Seed);
