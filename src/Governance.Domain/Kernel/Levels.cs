namespace Governance.Domain.Kernel;

/// <summary>Level of a limit and of an occurrence: H = 1, HH = 2, HHH = 3 (alarms.md S1; GB/T 50493-2019).</summary>
public enum AlarmLevel { None = 0, One = 1, Two = 2, Three = 3 }

/// <summary>The district's five colours (五色), in rising order. Grey: no trustworthy data; never the level of a case.</summary>
public enum Colour { Grey = 0, Blue = 1, Yellow = 2, Orange = 3, Red = 4 }

/// <summary>What a detector measures. Decides toxicity rules, routing and who can witness whom.</summary>
public enum HazardKind { ToxicGas = 1, CombustibleGas = 2, Oxygen = 3, Temperature = 4, Pressure = 5, TankLevel = 6 }
