using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Expressions;

/// <summary>The address ranges of <see cref="VarsOperator.IpMatch"/>.</summary>
/// <param name="Ranges">At least one range.</param>
public sealed record VarsAddresses(EquatableArray<AddressRange> Ranges) : VarsOperand;
